import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("rnn_cells");
