export { principalOf } from "./access_role.js";
export { defaultBucketName, ensureBucket, listBuckets } from "./bucket.js";
export {
  abortUpload,
  deleteVersions,
  isCurrent,
  type ObjectVersion,
  type OpenUpload,
  withMarkers,
} from "./bucket_versions.js";
export { cleanupCommand } from "./cleanup_command.js";
export { awsFailure, credentialsExpired, isDenied, passesByItself, reasonOf } from "./failure.js";
export { keyArnOf } from "./kms_key.js";
export { metadataOf } from "./metadata.js";
export { hintsFor, locationOf, type ObjectLocation, RUN_PREFIX } from "./object_location.js";
export {
  type DownloadedObject,
  downloadObject,
  isAboutTheObject,
  listNewestFirst,
  listObjects,
  objectExists,
  readObject,
} from "./objects.js";
export {
  type DeletedObjects,
  deleteOwnObjects,
  type FoundObjects,
  findOwnObjects,
  type LookedAt,
  type OwnVersion,
  type UnfinishedUpload,
  type WhyStays,
  type Written,
} from "./own_objects.js";
export { partitionOf } from "./partition.js";
export { regionIn } from "./region.js";
export { findExecutionRole, roleArn, trustInSageMaker } from "./role.js";
export { madeBySageMaker } from "./sagemaker_outputs.js";
export { type AwsCredentials, perSession } from "./sdk_client.js";
export { type AwsSession, ownerOf, signIn, usesFips } from "./session.js";
export { type Origin, originOf, tagsOf } from "./tags.js";
export { discardDownload, downloadTemporarily } from "./temporary_downloads.js";
export { uploadBytes, uploadFiles } from "./upload.js";
