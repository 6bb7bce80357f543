/** By region. Data that its clients read too, and no code of theirs. Source: data/README.md. */
const images: Readonly<Record<string, string>> = require("../../../../data/kmeans_images.json");

/** The image of the built-in K-Means algorithm in a region; `undefined` where AWS publishes none. */
export const kMeansImage = (region: string): string | undefined =>
  Object.hasOwn(images, region) ? images[region] : undefined;
