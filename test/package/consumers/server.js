/** The program in Node, Deno and Bun, and as a server renders a page with it. */
import { argv } from "node:process";
import { program } from "./program.js";

console.log(JSON.stringify(await program(argv[2])));
