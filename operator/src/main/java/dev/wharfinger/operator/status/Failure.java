package dev.wharfinger.operator.status;

/**
 * Why something ended, as a condition says it.
 *
 * @param reason one word
 * @param message what happened and what to do, without secrets and rows
 */
public record Failure(String reason, String message) {}
