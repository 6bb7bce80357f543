/** Lines of which more than this share of all look like returns are rather something else: payments, cards, a mark of another kind. */
export const LARGEST_SHARE_OF_RETURNS = 0.35;
