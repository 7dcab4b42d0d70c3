/** The page begins here. */

import "@fontsource-variable/ibm-plex-sans/wght.css";
import "@fontsource-variable/source-serif-4/wght.css";
import "@fontsource/ibm-plex-mono/latin-400.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/views.css";
import { render } from "preact";
import { App } from "./app";

render(<App />, document.getElementById("app") as HTMLElement);
