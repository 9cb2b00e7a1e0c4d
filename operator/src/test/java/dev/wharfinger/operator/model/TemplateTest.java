package dev.wharfinger.operator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.StringReader;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class TemplateTest {
  private static final Map<String, String> WORDS =
      Map.of(
          "host", "db.svc", "port", "5432", "mode", "disable", "path", "/data/a.db", "brace", "{");

  private static @Nullable String render(String template, Map<String, String> words)
      throws Exception {
    return Template.parse(template).render(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          {host}:{port};                                   db.svc:5432
          plain;                                           plain
          100% {} { {1} {"a":{port}};                      100% {} { {1} {"a":5432}
          {{host}} {brace}host};                           {db.svc} {host}
          {mode|map:disable=false,*=true};                 false
          {host|map:disable=false,*=true};                 true
          {mode|map:disable=}x;                            x
          {user|default:nobody};                           nobody
          {user|default:};                                 ''
          {host|default:nobody};                           db.svc
          {user|or:path};                                  /data/a.db
          {host|or:path};                                  db.svc
          {user|or:path|uri};                              %2Fdata%2Fa.db
          {mode|map:verify-full=1|default:a:b=c};          a:b=c
          {host|json|uri};                                 %22db.svc%22
          """)
  void templatesAreFilledIn(String template, String rendered) throws Exception {
    assertThat(render(template, WORDS)).isEqualTo(rendered);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          {user}
          a{host}{user|uri}
          {mode|map:require=true}
          {user|map:*=1}
          {user|or:password}
          """)
  void whatHasNoValueIsLeftOutAsAWhole(String template) throws Exception {
    assertThat(render(template, WORDS)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          {host;                     at character 1: the brace is not closed: add }
          ab{host {port};            at character 3: the brace is not closed
          x {host name};             at character 3: {host name} is no placeholder
          {host|upper};              at character 7: filter "upper" is not known; known are uri, sq, json, xml, map, default, or
          {host|};                   at character 7: filter "" is not known
          {host|uri|uri:x};          at character 11: filter uri takes nothing after it
          {host|map};                at character 7: filter map needs pairs, as in map:a=1,b=2,*=0
          {host|map:a};              at character 7: filter map has "a" where a pair such as a=1 is needed
          {host|map:a=1,a=2};        at character 7: filter map has a twice
          {host|default};            at character 7: filter default needs a text
          {host|or};                 at character 7: filter or needs another word
          """)
  void whatCannotBeReadIsNamedWithItsPlaceAndTheWayOut(String template, String said) {
    assertThatThrownBy(() -> Template.parse(template))
        .isInstanceOf(TemplateException.class)
        .hasMessageStartingWith(said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          {hots};          at character 1: {hots} is not known; known are host, path and db.NAME.WORD
          a {host|or:pth}; at character 3: {pth} is not known; known are host, path and db.NAME.WORD
          """)
  void unknownWordsAreRefused(String template, String said) throws Exception {
    Template parsed = Template.parse(template);
    assertThatThrownBy(
            () -> parsed.requireKnown(new TreeSet<>(Set.of("host", "path", "db.a.path"))))
        .hasMessageStartingWith(said);
  }

  /** Every kind of character a password may have, by chance but each time the same. */
  static Stream<String> passwords() {
    Random random = new Random(4711);
    String some = "@/%:+'\"\\ ?#[]&=;{}|$`!*()<>,~^\t\nüß€😀aZ09-._";
    int[] points = some.codePoints().toArray();
    return Stream.concat(
        Stream.of(
            "", "%40", "a b", "\\'", "''", "\u007f", "]]>", "&amp;", "\u2028\u0085\ufeff", "\r\n"),
        Stream.generate(
                () -> {
                  StringBuilder password = new StringBuilder();
                  for (int i = random.nextInt(24); i >= 0; i--) {
                    password.appendCodePoint(points[random.nextInt(points.length)]);
                  }
                  return password.toString();
                })
            .limit(300));
  }

  private static String quoted(String filter, String password) throws Exception {
    return Objects.requireNonNull(render("{p|" + filter + "}", Map.of("p", password)));
  }

  @ParameterizedTest
  @MethodSource("passwords")
  void PHX_10_uriIsReadBack(String password) throws Exception {
    String uri = quoted("uri", password);
    assertThat(URI.create("postgresql://u:" + uri + "@h:1/d").getUserInfo())
        .isEqualTo("u:" + password);
    // Form decoding reads "+" as a space; what it reads must be the password all the same.
    assertThat(URLDecoder.decode(uri, StandardCharsets.UTF_8)).isEqualTo(password);
  }

  @ParameterizedTest
  @MethodSource("passwords")
  void jsonIsReadBackByJsonAndYaml(String password) throws Exception {
    String json = quoted("json", password);
    assertThat(new ObjectMapper().readValue(json, String.class)).isEqualTo(password);
    assertThat(new YAMLMapper().readTree("a: " + json + "\n").get("a").textValue())
        .isEqualTo(password);
  }

  @ParameterizedTest
  @MethodSource("passwords")
  void xmlIsReadBackAsTextAndAsAnAttribute(String password) throws Exception {
    String xml = quoted("xml", password);
    Element read =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(
                new InputSource(
                    new StringReader(
                        "<?xml version='1.0'?><a b='%s' c=\"%s\">%s</a>".formatted(xml, xml, xml))))
            .getDocumentElement();
    assertThat(read.getTextContent()).isEqualTo(password);
    assertThat(read.getAttribute("b")).isEqualTo(password);
    assertThat(read.getAttribute("c")).isEqualTo(password);
  }

  @Test
  void whatXmlCannotHoldIsRefusedWithoutSayingIt() {
    assertThatThrownBy(() -> render("a{p|xml}", Map.of("p", "secret\u0001")))
        .hasMessageStartingWith("at character 2: {p}: the value has a control character")
        .hasMessageNotContaining("secret");
  }
}
