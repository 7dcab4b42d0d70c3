/** The page of most consumers. */
import { runInPage } from "./in_page.js";

runInPage();
