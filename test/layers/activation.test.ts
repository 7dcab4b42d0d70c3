import { itEqualsKeras } from "./golden_cases";

itEqualsKeras("activations", "Activation", "ReLU", "LeakyReLU", "ELU", "PReLU", "Softmax");
