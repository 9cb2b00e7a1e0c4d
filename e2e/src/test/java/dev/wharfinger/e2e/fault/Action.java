package dev.wharfinger.e2e.fault;

import java.time.Duration;
import java.util.Map;

/** What the proxy does with a request. */
sealed interface Action {
  Action PASS = new Pass();

  /** The API server never sees it, and the connection breaks. */
  Action LOSE = new Lose();

  /** The API server does it, and the connection breaks before the answer. */
  Action UNANSWERED = new Unanswered();

  record Pass() implements Action {}

  record Lose() implements Action {}

  record Unanswered() implements Action {}

  /** Waits, then passes it on. */
  record Delay(Duration time) implements Action {}

  /** Passes it on, and acts once the API server has done it: before the answer, or after it. */
  record Then(boolean beforeTheAnswer, Runnable act) implements Action {}

  /** Answers in place of the API server. */
  record Answer(int code, Map<String, String> headers, byte[] body) implements Action {}

  /** Answers a watch with silence until it is cut. */
  record Silence() implements Action {}

  /** The API server's own form of a refusal. */
  static Action refuse(int code, String reason) {
    return new Answer(
        code,
        code == 429 ? Map.of("Retry-After", "1") : Map.of(),
        """
        {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"made by the fault proxy","reason":"%s","code":%d}
        """
            .formatted(reason, code)
            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** Decides about requests; the first rule that does not pass counts. */
  @FunctionalInterface
  interface Rule {
    Action on(ApiRequest request);
  }
}
