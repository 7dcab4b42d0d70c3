/** What is used of fflate, by name, so that bundlers leave the rest of it out of the file that is loaded on demand. */
export { Inflate, Unzlib } from "fflate";
