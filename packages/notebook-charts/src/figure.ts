/** One Plotly trace: what is drawn, and as what. Attributes as in https://plotly.com/javascript/reference/. */
export interface Trace {
  readonly type: string;
  readonly [attribute: string]: unknown;
}

/** A Plotly figure as plain data, with no type of Plotly's: those cost a notebook's first cell seconds. */
export interface Figure {
  readonly data: readonly Trace[];
  readonly layout: { readonly height: number; readonly [attribute: string]: unknown };
}

/** A picture that says something: what every chart function returns and `showChart` shows. */
export interface Chart {
  /** The finding, as a headline. */
  title: string;
  /** The finding in one sentence with its numbers, for whoever does not see the picture. */
  summary: string;
  figure: Figure;
  /** The two-dimensional stand-in for the still picture, where `figure` cannot be drawn without a browser. */
  still?: Figure;
}
