import { simplified } from "../columns/column_names.js";

/** What a state is said to be of, "Venta cancelada". */
const OF =
  "(?:orders?|sales?|invoice|payment|transaction|bestellung|auftrag|zahlung|rechnung|commande|vente|paiement|facture|venta|compra|pedido|pago|factura|ordine|vendita|pagamento|fattura|bestelling|betaling|encomenda|zamowienie|заказ)?";
/** States that wait for a payment: nobody has bought anything yet, unless the shop sells on account. */
const UNPAID = new RegExp(
  `^(?:wc)?${OF}(?:${[
    "(?<=wc)pending|(?:pending|awaiting|waitingfor)payment|paymentpending|requirespaymentmethod|requiresaction|requirescapture|uncaptured",
    "enattentedepaiement|(?:zahlung|bezahlung)ausstehend|wartetaufzahlung|pendientedepago|(?:in)?attesa(?:di|del)pagamento",
    "wachtopbetaling|(?:in)?afwachtingvanbetaling|aguardandopagamento",
  ].join("|")})$`,
);
/** States of orders and payments that nobody has bought anything with, in the languages of the column names and those of some markets. */
const NO_SALE = new RegExp(
  `^(?:wc)?${OF}(?:${[
    "(?:(?:closed|fully|shipping|delivery|shipment|payment|item)?cancell?ed(?!reversal).*)|cancell?ation|void(?:ed)?|(?:payment)?fail(?:ed|ure)?|failedpayment|charge(?:d)?back|quote|estimate|proforma",
    "declined|denied|rejected(?:by.*)?|deleted|expired|(?<=^(?:wc)?)incomplete(?:expired)?|abandoned|(?:checkout|auto)?draft|quotation|trash|unavailable|uncollectible|suspectedfraud|fraud(?:ulent)?|(?:shipped)?lost(?:in(?:transit|delivery))?|undeliver(?:ed|able)|deliveryfailed|faileddelivery",
    "storno|stornier(?:t|ung).*|abgebrochen|abgelehnt|fehlgeschlagen|entwurf|annulee?.*|annulation|echouee?|echec|refusee?|brouillon",
    "cancelad[oa].*|cancelacion|anulacion|anulad[oa].*|fallid[oa]|rechazad[oa]|borrador|annullat[oa].*|fallit[oa]|rifiutat[oa]|bozza",
    "geannuleerd.*|mislukt|geweigerd|concept|anulowan[aeoy].*|nieudan[aeoy]|odrzucon[aeoy]|recusad[oa]|makulerad|avbruten|misslyckad",
    "iptal.*|(?:di)?batal(?:kan)?|đahuy|отменен[ао]?|скасован[ао]?|(?:已|交易)?(?:取消|关闭|關閉)|キャンセル.*",
  ].join("|")})$`,
);
/** And those in which all of it was given back. */
const REFUNDED = new RegExp(
  `^(?:wc)?${OF}(?:(?:fully|full|payment)?(?:refund(?:ed)?|return(?:ed)?)|reversed|(?:shipped)?return(?:ed|ing)?to(?:seller|sender|origin|shipper)|rto|rto(?:delivered|complete[d]?)|retourniert|erstattet|rembourse[es]?|devuelt[oa]|reembolsad[oa]|rimborsat[oa]|terugbetaald|zwrocon[aeoy]|aterbetald|已退款|返金済み?|возвра(?:т|щен[ао]?))$`,
);

/** A column with states: of the order or its payment, of its way to the customer, or of what came back. */
export interface StateColumn {
  readonly at: number;
  readonly of: "order" | "delivery" | "return";
  /** Whether its name says that it has states of orders or payments. */
  readonly isNamed: boolean;
}

/** How states are taken. */
export interface StateRules {
  /** Whether what was paid back in full is no sale: not where the file has lines below zero that may be those that pay back. */
  readonly withRefunded: boolean;
  /** Whether what waits for its payment is sold, as on account. */
  readonly withUnpaid: boolean;
}

/** Whether a state says that all was given back, where that is no sale. */
export const isGivenBack = (state: string, { withRefunded }: Pick<StateRules, "withRefunded">): boolean =>
  withRefunded && REFUNDED.test(simplified(state));

/** Whether what is in a state waits for its payment. */
export const isUnpaid = (state: string): boolean => UNPAID.test(simplified(state));

/** Whether a state is called as invoicing programs call what was sold on account, and shops what nobody has paid. */
export const awaitsPayment = (state: string): boolean => /^(?:invoice)?awaitingpayment$/.test(simplified(state));

/** Of an order or payment that came to nothing; of anything else, such as a label or a message, the sale stays. */
const FAULT = new RegExp(`^${OF}(?:error(?:ed)?|skipped)$`);
/** Whether a state is that of no sale where a column is known to have those of orders. */
export const isFault = (state: string): boolean => FAULT.test(simplified(state));

/** Whether lines in a state are no sales. */
export const isNoSale = (state: string, rules: StateRules): boolean =>
  NO_SALE.test(simplified(state)) || isGivenBack(state, rules) || (!rules.withUnpaid && isUnpaid(state));

/** Whether a state is known to be that of no sale, of whatever shop. */
export const mayBeNoSale = (state: string): boolean => isNoSale(state, { withRefunded: false, withUnpaid: false });

/** States of what was sold. */
const SOLD =
  /^(?:wc)?(?:completed?|paid|shipped|delivered|fulfilled|invoiced|processed|success(?:ful)?|succeeded|abgeschlossen|bezahlt|versendet|geliefert|verschickt|termin[e]+|paye[es]*|expedie[es]*|livre[es]*|completad[oa]|pagad[oa]|enviad[oa]|entregad[oa]|completato|pagato|spedito|voltooid|betaald|verzonden|zrealizowane|oplacone|выполнен[ао]?|доставлен[ао]?|оплачен[ао]?|(?:已|交易)?(?:完成|发货|成功)|完了|発送済み?)$/;

/** Whether a state is known to be that of a sale. */
export const isSold = (state: string): boolean => SOLD.test(simplified(state));
