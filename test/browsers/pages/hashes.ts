/** The golden hashes, in a page. */
import { hashes } from "../../engines/hashes";
import { outcome } from "./outcome";

outcome(() => hashes());
