import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("time_distributed");
