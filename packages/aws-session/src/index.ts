export { principalOf } from "./access_role.js";
export { ensureBucket, listBuckets } from "./bucket.js";
export { awsFailure, credentialsExpired, isDenied, passesByItself, reasonOf } from "./failure.js";
export { keyArnOf } from "./kms_key.js";
export {
  type DownloadedObject,
  downloadObject,
  hintsFor,
  isAboutTheObject,
  listNewestFirst,
  listObjects,
  locationOf,
  type ObjectLocation,
  objectExists,
  readObject,
  uploadBytes,
  uploadFiles,
} from "./objects.js";
export { deleteOwnObjects, metadataOf } from "./own_objects.js";
export { partitionOf } from "./partition.js";
export { regionIn } from "./region.js";
export { findExecutionRole, trustInSageMaker } from "./role.js";
export { type AwsCredentials, perSession } from "./sdk_client.js";
export { type AwsSession, ownerOf, signIn, usesFips } from "./session.js";
export { discardDownload, downloadTemporarily } from "./temporary_downloads.js";
