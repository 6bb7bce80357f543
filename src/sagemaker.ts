/** Amazon SageMaker: train, and assign by a hosted model. */
export { scoreByBatchTransform, scoreByEndpoint } from "./score.js";
export { showModel, train } from "./train.js";
