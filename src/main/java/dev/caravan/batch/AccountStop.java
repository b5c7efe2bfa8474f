package dev.caravan.batch;

import java.util.Set;

/** Errors of the API that last until a person lifts a limit or a hold of the account. */
public final class AccountStop {
  private static final Set<String> CODES =
      Set.of(
          "organization_on_hold",
          "claude_code_key_creator_not_member",
          "cmek_key_disabled",
          "cmek_key_network_blocked",
          "workspace_human_review_disabled",
          "enforced_spend_limit_reached",
          "contract_spend_limit_reached");

  private AccountStop() {}

  /**
   * Whether {@code error.details.error_code} or the message says so: a limit that an organization
   * or a workspace set for itself comes as an invalid_request_error with nothing but its words.
   */
  public static boolean is(String code, String message) {
    return CODES.contains(code)
        || (message.startsWith("You have reached your specified")
            && message.contains("usage limits"));
  }
}
