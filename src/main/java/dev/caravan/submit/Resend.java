package dev.caravan.submit;

import dev.caravan.batch.Request;
import dev.caravan.settings.Job;
import dev.caravan.spool.Assembly;
import java.util.List;

/** A resend in the making: requests of one run, and the nonce they stand under until written. */
public record Resend(Job job, String intake, Assembly assembly, List<Request> requests) {}
