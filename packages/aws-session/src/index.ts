export { ensureBucket, listBuckets } from "./bucket.js";
export { s3Of, sageMakerOf, sageMakerRuntimeOf } from "./clients.js";
export { awsFailure, credentialsExpired, isDenied, passesByItself, reasonOf } from "./failure.js";
export { type DownloadedObject, downloadObject, hintsFor, isAboutTheObject, listNewestFirst, listObjects, locationOf, objectExists, type ObjectLocation, readObject, uploadBytes, uploadFiles } from "./objects.js";
export { deleteOwnObjects } from "./own_objects.js";
export { partitionOf } from "./partition.js";
export { findExecutionRole, trustInSageMaker } from "./role.js";
export type { AwsCredentials } from "./sdk_client.js";
export { type AwsSession, ownerOf, signIn } from "./session.js";
