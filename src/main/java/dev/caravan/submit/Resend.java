package dev.caravan.submit;

import dev.caravan.batch.Request;
import dev.caravan.settings.Job;
import dev.caravan.spool.Assembly;
import java.util.List;

/** A resend in the making: requests of one run, on their way into new batches. */
public record Resend(Job job, Assembly assembly, List<Request> requests) {}
