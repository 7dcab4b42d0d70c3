import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("embedding", "Masking");
