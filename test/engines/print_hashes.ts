/** Prints the hashes, for engines that have a terminal. */
import { hashes } from "./hashes";

console.log(JSON.stringify(hashes()));
