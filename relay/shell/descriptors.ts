import { BOUNDS } from "../core/settings.ts";

/**
 * File descriptors that are no client's: what the process holds at rest (some 45), the database's files, the operator's
 * port, and what is accepted and ended at once.
 */
const RESERVE = 64;
/** Descriptors beyond which it is of no interest how many are free: those of all connections that a relay takes. */
export const ALL_SOCKETS = BOUNDS.connections + RESERVE;
/** However few descriptors there are. */
const LEAST_SOCKETS = 16;

/**
 * Sockets for which a limit of open files has room.
 *
 * @param openFiles as a shell tells it: a number, "unlimited", or undefined when none told it.
 */
export function socketsWithin(openFiles: string | undefined): number {
  if (openFiles === undefined || !/^\d{1,15}$/.test(openFiles)) {
    return Infinity;
  }
  return Math.max(LEAST_SOCKETS, Number(openFiles) - RESERVE);
}

/** Sockets for which there is room where so many are open, and so many descriptors are free beside them. */
export function socketsBeside(sockets: number, spare: number): number {
  return Math.max(LEAST_SOCKETS, sockets + spare - RESERVE / 2);
}
