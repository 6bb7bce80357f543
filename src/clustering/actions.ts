/** Where a cluster's mean stands among the customers: the fifth it falls in, 0 the lowest value, for each feature. */
export interface Place {
  /** 0: bought most recently. */
  readonly recency: number;
  readonly frequency: number;
  readonly monetary: number;
}

/** What a shop might do for customers in this place: our own rules of thumb, to start a conversation with. */
export function suggestAction({ recency, frequency, monetary }: Place): string {
  const isRecent = recency <= 1;
  const isLost = recency >= 3;
  const isLoyal = frequency >= 3;
  const isValuable = monetary >= 3;
  if (isRecent && isLoyal && isValuable) return "Thank them: early access, a personal contact, no discounts needed";
  if (isRecent && isLoyal) return "Raise the basket: bundles and recommendations";
  if (isRecent && isValuable) return "Make it a habit: an offer for the next order within weeks";
  if (isRecent) return "Welcome them: show the range, make the second order easy";
  if (isLost && isValuable) return "Win them back: a call or a generous offer, and ask what went wrong";
  if (isLost && isLoyal) return "Win them back: a reminder of what they used to buy";
  if (isLost) return "Spend little: a seasonal mail, then let them go";
  if (isValuable || isLoyal) return "Keep them: contact before they drift away, with what they like";
  return "Wake them up: a time-limited offer";
}
