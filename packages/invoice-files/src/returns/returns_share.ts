/** Lines of which more than this share of all look like returns are rather something else: payments, cards, a mark of another kind. */
export const LARGEST_SHARE_OF_RETURNS = 0.35;

/** In a sample of fewer lines any share may be of returns. */
export const FEWEST_LINES_FOR_SHARE = 20;
