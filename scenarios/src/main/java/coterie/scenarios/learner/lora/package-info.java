/** LoRA adapters on a frozen language model: the base, users' text, and its learners. */
package coterie.scenarios.learner.lora;
