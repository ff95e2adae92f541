/** Nobody offers a copy, or none of those came whole. */
export class NoViewTaken extends Error {}
