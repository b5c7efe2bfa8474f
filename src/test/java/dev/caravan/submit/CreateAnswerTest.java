package dev.caravan.submit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.api.ApiResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R3: what the answer to a create proves, and what it does not. */
class CreateAnswerTest {
  private static final Map<String, String> FROM_THE_API = Map.of("request-id", "req_1");

  private static ApiResponse error(int status, Map<String, String> headers, String message) {
    return new ApiResponse(
        status,
        headers,
        "{\"type\":\"error\",\"error\":{\"type\":\"some_error\",\"message\":\"" + message + "\"}}");
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 409, 425, 499, 500, 502, 503, 504, 524, 529})
  void isDoubtEvenWithARequestId(int status) {
    assertThat(CreateAnswer.of(error(status, FROM_THE_API, "too late")))
        .isInstanceOf(CreateAnswer.Doubt.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 402, 403, 404, 405, 422, 429})
  void isDoubtWithoutARequestId(int status) {
    assertThat(CreateAnswer.of(error(status, Map.of(), "requests.0: no")))
        .isInstanceOf(CreateAnswer.Doubt.class);
    assertThat(CreateAnswer.of(new ApiResponse(status, Map.of(), "<html>Not Found</html>")))
        .isInstanceOf(CreateAnswer.Doubt.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 402, 403, 404, 405, 422, 429})
  void isARefusalWithOne(int status) {
    assertThat(CreateAnswer.of(error(status, FROM_THE_API, "no")))
        .isNotInstanceOf(CreateAnswer.Doubt.class)
        .isNotInstanceOf(CreateAnswer.Accepted.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "requests.99999999999: no",
        "requests.2147483648.params: no",
        "requests.: no",
        "requests.-1: no",
        "requests.1e3x: no",
        "requests[0]: no",
        ""
      })
  void isHeldWhenThePlaceItNamesIsNone(String message) {
    assertThat(CreateAnswer.of(error(400, FROM_THE_API, message)))
        .isInstanceOf(CreateAnswer.Held.class);
  }

  @Test
  void namesARequestByItsPlace() {
    assertThat(CreateAnswer.of(error(400, FROM_THE_API, "requests.12.params: no")))
        .isInstanceOfSatisfying(
            CreateAnswer.BadRequest.class, bad -> assertThat(bad.index()).isEqualTo(12));
  }
}
