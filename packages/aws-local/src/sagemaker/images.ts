/**
 * Where each region's built-in algorithms live in ECR; the China, GovCloud and isolated regions are left out.
 * https://github.com/aws/sagemaker-python-sdk/blob/master/src/sagemaker/image_uri_config/kmeans.json
 */
const accounts: Readonly<Record<string, string>> = {
  "af-south-1": "455444449433",
  "ap-east-1": "286214385809",
  "ap-northeast-1": "351501993468",
  "ap-northeast-2": "835164637446",
  "ap-northeast-3": "867004704886",
  "ap-south-1": "991648021394",
  "ap-south-2": "628508329040",
  "ap-southeast-1": "475088953585",
  "ap-southeast-2": "712309505854",
  "ap-southeast-3": "951798379941",
  "ap-southeast-4": "106583098589",
  "ca-central-1": "469771592824",
  "ca-west-1": "190319476487",
  "eu-central-1": "664544806723",
  "eu-central-2": "680994064768",
  "eu-north-1": "669576153137",
  "eu-south-1": "257386234256",
  "eu-south-2": "104374241257",
  "eu-west-1": "438346466558",
  "eu-west-2": "644912444149",
  "eu-west-3": "749696950732",
  "il-central-1": "898809789911",
  "me-central-1": "272398656194",
  "me-south-1": "249704162688",
  "sa-east-1": "855470959533",
  "us-east-1": "382416733822",
  "us-east-2": "404615174143",
  "us-west-1": "632365934929",
  "us-west-2": "174872318107",
};

/** The image of the built-in K-Means algorithm in a region; `undefined` where AWS publishes none. */
export function kMeansImage(region: string): string | undefined {
  const account = accounts[region];
  return account && `${account}.dkr.ecr.${region}.amazonaws.com/kmeans:1`;
}
