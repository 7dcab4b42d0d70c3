import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("rare_options");
