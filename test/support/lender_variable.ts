/** In Jest's processes, the socket at which the lender of services listens. */
export const LENDER_VARIABLE = "TEST_LENDER_SOCKET";
