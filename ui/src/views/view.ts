import type { ComponentChildren } from "preact";
import type { Answers, Question } from "../api";

// One view of the page.
export interface View {
  title: string; // of the window
  // What it cannot be drawn without.
  questions(parameters: URLSearchParams): Question<keyof Answers>[];
  // What the server rendered as well, or what is nice to have, but slow: waited for a moment when the
  // live page takes over.
  hopes?(parameters: URLSearchParams): Question<keyof Answers>[];
  Component(props: { parameters: URLSearchParams }): ComponentChildren;
}
