// A script of its own, which runs before anything is drawn, so that a dark page does not flash.
import { recallTheme, showTheme } from "./storage";

showTheme(recallTheme());
