package dev.kluis.vault.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kluis.vault.Source;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuditChainTest {

    private final Lines lines = new Lines();

    private AuditLine line(int index) throws Exception {
        return AuditLine.parse(lines.all.get(index).getBytes(US_ASCII));
    }

    @Test
    void lines_form_a_chain() throws Exception {
        lines.records(0, 4);

        String previous = AuditChain.NO_PREVIOUS;
        for (int i = 0; i < 4; i++) {
            assertThat(line(i).position().number()).isEqualTo(i);
            assertThat(line(i).previous()).isEqualTo(previous);
            previous = AuditChain.hash(lines.all.get(i));
        }
    }

    @Test
    void a_line_has_the_fields_of_key_vault_s_audit_event_and_ours() {
        lines.chain.accept(Lines.record(
                1,
                new Source(
                        Optional.of("10.0.0.7"),
                        Optional.of("azsdk-java/4"),
                        Optional.of("https://payments.vault.svc.cluster.local/secrets/object-1?api-version=7.4&x=y"),
                        Optional.of("7.4"))));

        assertThat(lines.all).containsExactly("""
                        {"category":"AuditEvent","time":"2026-01-01T00:00:01Z","operationName":"SecretGet",\
                        "operationVersion":"7.4","resourceId":"payments/payments","object":"secrets/object-1",\
                        "version":"ffffffffffffffffffffffffffffffff","resultType":"Success","resultSignature":"OK",\
                        "durationMs":3,"callerIpAddress":"10.0.0.7","correlationId":"00000000000000000000000000000001",\
                        "identity":{"claim":{"objectidentifier":"uid-1","appid":"system:serviceaccount:payments:api"},\
                        "name":"system:serviceaccount:payments:api","uid":"uid-1","assignment":"payments/assignment"},\
                        "properties":{"clientInfo":"azsdk-java/4",\
                        "requestUri":"https://payments.vault.svc.cluster.local/secrets/object-1?api-version=7.4",\
                        "id":"https://payments.vault.svc.cluster.local/secrets/object-1/ffffffffffffffffffffffffffffffff",\
                        "httpStatusCode":200},"instance":"11111111111111111111111111111111","number":0,\
                        "previous":"0000000000000000000000000000000000000000000000000000000000000000"}""");
    }

    @Test
    void attack_10_what_a_client_writes_stays_inside_its_text_is_cut_and_leaves_its_query_outside() throws Exception {
        String hostile = "a\",\"resultType\":\"Success\",\"x\":{\"y\":\"\n\r\u001b[2J\u2028\u202e\u0000\ud800\u007f";
        lines.chain.accept(Lines.record(
                5,
                new Source(
                        Optional.of(hostile),
                        Optional.of(hostile + "\uffff".repeat(100_000)),
                        Optional.of("/secrets/a" + hostile + "?token=canary-4c1d9e#canary-4c1d9e"),
                        Optional.of(hostile))));

        String written = lines.all.getFirst();
        assertThat(written).matches("[\\x20-\\x7e]*").doesNotContain("canary").hasSizeLessThan(AuditLine.LIMIT);
        assertThat(line(0).field("resultType")).contains("FORBIDDEN");
        assertThat(line(0).field("callerIpAddress")).contains(hostile);
        assertThat(line(0).field("properties.clientInfo").orElseThrow()).hasSize(256);
        assertThat(line(0).field("x")).isEmpty();
    }

    @Test
    void checkpoints_are_signed_at_the_start_after_lines_after_a_time_and_at_the_stop() throws Exception {
        lines.chain.signWith(Lines.KEY);
        lines.records(0, 5);
        lines.chain.tick();
        assertThat(lines.all).as("five lines are one checkpoint").hasSize(7);
        lines.records(5, 6);
        lines.chain.tick();
        assertThat(lines.all).as("it is not time yet").hasSize(8);
        lines.now = lines.now.plusSeconds(10);
        lines.chain.tick();
        lines.now = lines.now.plusSeconds(10);
        lines.chain.tick();
        assertThat(lines.all).as("there was something once").hasSize(9);
        lines.chain.close();

        assertThat(line(0).field("occasion")).contains("start");
        assertThat(line(6).field("occasion")).contains("interval");
        assertThat(line(8).field("occasion")).contains("interval");
        assertThat(line(9).field("occasion")).contains("stop");
        assertThat(Lines.verify(lines.all).complete()).isTrue();
    }

    /** The vector of docs/reference/audit.md, so that others can write a verifier. */
    @Test
    void a_checkpoint_is_signed_over_its_line_up_to_the_signature() {
        lines.chain.signWith(Lines.KEY);

        assertThat(lines.all.getFirst()).isEqualTo("""
                        {"category":"AuditCheckpoint","time":"2026-01-01T00:00:00Z","occasion":"start",\
                        "keyId":"34750f98bd59fcfc946da45aaabe933b",\
                        "publicKey":"8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c",\
                        "instance":"11111111111111111111111111111111","number":0,\
                        "previous":"0000000000000000000000000000000000000000000000000000000000000000",\
                        "signature":"\
                        05aa3592986f8936949f69ced3c35c4f6c1ebbb8387a56a423c489d5cb308a65cea3579d9ad58858f6aedbb96ade0766059b1a02b006a144f5bbc5b229634106"}""");
    }

    @Test
    void a_new_key_is_named_by_the_old_one_and_trusted_through_it() {
        lines.chain.signWith(Lines.KEY);
        lines.records(0, 2);
        lines.chain.signWith(Lines.key(2));
        lines.chain.signWith(Lines.key(2));
        lines.records(2, 4);
        lines.chain.close();

        assertThat(lines.all).hasSize(8);
        assertThat(Lines.verify(lines.all).complete()).isTrue();
        assertThat(Lines.verify(lines.all, AuditVerification.Options.STRICT, Lines.key(2))
                        .findings())
                .extracting(AuditVerification.Finding::kind)
                .containsOnly(AuditVerification.Kind.UNTRUSTED);
    }
}
