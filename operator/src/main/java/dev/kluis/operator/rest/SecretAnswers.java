package dev.kluis.operator.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.object.VersionView;
import dev.kluis.vault.secret.SecretAttributes;
import java.io.IOException;

/** Secrets in responses; the values are written by who has them. */
final class SecretAnswers implements ObjectForm {

    static final ObjectForm FORM = new SecretAnswers();

    private SecretAnswers() {}

    @Override
    public ObjectKind kind() {
        return ObjectKind.SECRET;
    }

    @Override
    public void bundle(JsonGenerator json, Request request, VersionView view) throws IOException {
        entry(
                json,
                request,
                ObjectAnswers.url(request, view.id(), view.version().id()),
                view);
    }

    @Override
    public void entry(JsonGenerator json, Request request, String url, VersionView view) throws IOException {
        json.writeStringField("id", url);
        String contentType = SecretAttributes.of(view.version()).contentType();
        if (!contentType.isEmpty()) {
            json.writeStringField("contentType", contentType);
        }
        Attributes.write(json, view.version(), ObjectAnswers.settings(request));
        ObjectAnswers.tags(json, view.version().attributes().tags());
    }
}
