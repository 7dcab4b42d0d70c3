import { itEqualsKeras } from "./golden_cases";
itEqualsKeras("attention");
