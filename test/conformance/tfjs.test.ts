import { runKerasCase } from "./keras_case";
import { itConforms } from "./vectors";

itConforms("tfjs_vectors.json", 50, runKerasCase);
