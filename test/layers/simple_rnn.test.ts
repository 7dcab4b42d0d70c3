import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("simple_rnn");
