/** What is used of fflate to write, by name, so that bundlers leave the rest of it out. */
export { zipSync } from "fflate";
