import { render } from "preact";

const app = document.getElementById("app");
if (app === null) console.error("no #app"), render(<p>x</p>, document.body);
