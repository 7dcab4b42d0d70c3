/** The program in Next's server. */
import { join } from "node:path";
import { program } from "../program.js";

export const onServer = () => program(join(process.cwd(), "public/model.keras"));
