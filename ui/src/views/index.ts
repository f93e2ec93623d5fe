import type { ViewName } from "../route";
import { balance } from "./balance";
import { explain } from "./explain";
import { history } from "./history";
import { levels } from "./levels";
import { overview } from "./overview";
import { reloads } from "./reloads";
import { settings } from "./settings";
import { targets } from "./targets";
import type { View } from "./view";

export const views: Record<ViewName, View> = {
  overview,
  targets,
  explain,
  balance,
  levels,
  history,
  reloads,
  settings,
};
