package dev.kluis.operator.rest;

import static dev.kluis.operator.rest.Route.inVault;

import dev.kluis.operator.rest.Route.Method;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.object.ObjectLists.ObjectList;
import dev.kluis.vault.object.ObjectLists.ObjectListDeleted;
import dev.kluis.vault.object.ObjectLists.ObjectListVersions;
import dev.kluis.vault.object.ObjectOperations.ObjectDelete;
import dev.kluis.vault.object.ObjectOperations.ObjectGetDeleted;
import dev.kluis.vault.object.ObjectOperations.ObjectPurge;
import dev.kluis.vault.object.ObjectOperations.ObjectRecover;
import dev.kluis.vault.object.ObjectView;
import dev.kluis.vault.object.VersionView;
import java.util.List;
import java.util.Optional;

/** The routes that objects of every kind have: lists, deletion, recovery and purge. */
final class ObjectRoutes {

    private final ObjectForm form;

    private ObjectRoutes(ObjectForm form) {
        this.form = form;
    }

    static List<Route> of(ObjectForm form) {
        var routes = new ObjectRoutes(form);
        String all = form.kind().collection();
        return List.of(
                inVault(Method.DELETE, all + "/{name}", routes::delete),
                inVault(Method.GET, all, routes::list).computing(),
                inVault(Method.GET, all + "/{name}/versions", routes::versions).computing(),
                inVault(Method.GET, "deleted" + all, routes::listDeleted).computing(),
                inVault(Method.GET, "deleted" + all + "/{name}", routes::getDeleted)
                        .computing(),
                inVault(Method.POST, "deleted" + all + "/{name}/recover", routes::recover),
                inVault(Method.DELETE, "deleted" + all + "/{name}", routes::purge));
    }

    private ObjectId id(Request request) {
        return ObjectAnswers.id(request, form.kind());
    }

    private Response delete(Request request) {
        return deleted(request, request.execute(new ObjectDelete(id(request))));
    }

    private Response getDeleted(Request request) {
        return deleted(request, request.execute(new ObjectGetDeleted(id(request))));
    }

    private Response deleted(Request request, ObjectView view) {
        return Response.json(json -> {
            json.writeStartObject();
            form.bundle(json, request, VersionView.current(view));
            ObjectAnswers.deletion(json, request, view);
            json.writeEndObject();
        });
    }

    private Response recover(Request request) {
        var view = request.execute(new ObjectRecover(id(request), Optional.empty()));
        return ObjectAnswers.bundle(form, request, VersionView.current(view));
    }

    private Response purge(Request request) {
        request.execute(new ObjectPurge(id(request)));
        return Response.noContent();
    }

    private Response list(Request request) {
        var page = request.execute(new ObjectList(
                request.vault(),
                form.kind(),
                form.shown(request),
                ObjectAnswers.pageSize(request),
                ObjectAnswers.pageToken(request)));
        return ObjectAnswers.page(
                request,
                "/" + form.kind().collection(),
                form.repeated(request),
                page,
                (json, view) ->
                        form.entry(json, request, ObjectAnswers.url(request, view.id()), VersionView.current(view)));
    }

    private Response listDeleted(Request request) {
        var page = request.execute(new ObjectListDeleted(
                request.vault(),
                form.kind(),
                form.shown(request),
                ObjectAnswers.pageSize(request),
                ObjectAnswers.pageToken(request)));
        return ObjectAnswers.page(
                request, "/deleted" + form.kind().collection(), form.repeated(request), page, (json, view) -> {
                    form.entry(json, request, ObjectAnswers.url(request, view.id()), VersionView.current(view));
                    ObjectAnswers.deletion(json, request, view);
                });
    }

    private Response versions(Request request) {
        var id = id(request);
        var page = request.execute(
                new ObjectListVersions(id, ObjectAnswers.pageSize(request), ObjectAnswers.pageToken(request)));
        return ObjectAnswers.page(
                request,
                "/" + form.kind().collection() + "/" + id.name() + "/versions",
                "",
                page,
                (json, view) -> form.entry(
                        json,
                        request,
                        ObjectAnswers.url(request, id, view.version().id()),
                        view));
    }
}
