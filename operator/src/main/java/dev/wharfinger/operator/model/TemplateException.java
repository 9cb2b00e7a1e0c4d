package dev.wharfinger.operator.model;

/** A template cannot be read or filled in; the message says where, why, and what would do. */
final class TemplateException extends Exception {
  private static final long serialVersionUID = 1L;

  TemplateException(String explanation) {
    super(explanation);
  }

  /** With the place, counted from 1 as editors do. */
  static TemplateException at(int index, String explanation) {
    return new TemplateException("at character " + (index + 1) + ": " + explanation);
  }

  String explanation() {
    return String.valueOf(getMessage());
  }
}
