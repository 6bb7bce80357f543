export {
  type Asked,
  type Authoriser,
  type AuthoriserOptions,
  accountOf,
  type Caller,
  createAuthoriser,
  type Entity,
  type NamedDocument,
} from "./authoriser.js";
export { resourceTagValues } from "./condition_keys.js";
export {
  type Allowed,
  type Decision,
  type Denied,
  evaluate,
  type Holdings,
  type PolicyPlace,
  type ResourcePolicy,
} from "./evaluate.js";
export { MalformedPolicyDocument } from "./malformed.js";
export { type Policy, type PolicyKind, readPolicy, type Statement } from "./policy_document.js";
export type { Naming, Principal } from "./principals.js";
export { refusalOf } from "./refusal.js";
export { type AccessRequest, type RequestValues, requestValues } from "./request.js";
export { actionNamed, actionNames, type ServiceAction } from "./service_data.js";
