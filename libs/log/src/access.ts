/**
 * What one user needs of a log whose users are told apart. What is not named here can be refused.
 */
export interface Access {
  /** Topics that it appends to. */
  readonly writes: readonly string[];
  /** Topics whose records it is given; `*` stands for all there are and will be. */
  readonly reads: readonly string[];
  /** Topics that it verifies, and whose ends it may ask for; it makes none. */
  readonly declares: readonly string[];
  /** Groups that it joins; one that ends with `*` stands for all that begin so. */
  readonly joins: readonly string[];
  /** Groups of others whose progress it asks for; `*` stands for all. */
  readonly watches: readonly string[];
}
