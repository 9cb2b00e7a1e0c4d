/** The documentation, taken at its word: its snippets are run, its links followed. */
@NullMarked
package dev.wharfinger.documentation;

import org.jspecify.annotations.NullMarked;
