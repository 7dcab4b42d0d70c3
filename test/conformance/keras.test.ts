import { runKerasCase } from "./keras_case";
import { itConforms } from "./vectors";

itConforms("keras_vectors.json", 155, runKerasCase);
