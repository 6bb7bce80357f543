import { acceptPictures, CHART_PICTURES } from "./chart_pictures.js";

const names = acceptPictures(CHART_PICTURES);
console.log(names.length > 0 ? `Accepted: ${names.join(", ")}.` : "No picture differs from the one that is kept.");
