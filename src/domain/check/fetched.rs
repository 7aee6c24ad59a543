//! Rows of a file that was fetched: whoever wrote it chose their hosts.

use url::Url;

use super::Row;
use crate::domain::http::field::Field;
use crate::domain::http::request::FieldEdit;
use crate::domain::secret::secretish_header;

/// Takes the credentials of the command line out of a row that leads to another host than that of the file, or of `--base`.
pub fn keep_credentials_home(row: &mut Row, home: &str, base: Option<&Url>) {
    let host = row.draft.url.host_str();
    if host == Some(home) || base.is_some_and(|base| base.host_str() == host) {
        return;
    }
    (row.draft.credentials, row.draft.cookie) = (None, None);
    row.draft.fields.retain(|edit| match edit {
        FieldEdit::Set(field) => !is_credential(field),
        FieldEdit::Empty(_) | FieldEdit::Remove(_) => true,
    });
}

fn is_credential(field: &Field) -> bool {
    let known = ["Authorization", "Proxy-Authorization", "Cookie"];
    known.iter().any(|name| field.is(name)) || secretish_header(&field.name, &field.text())
}

#[cfg(test)]
mod tests {
    use super::super::suite::tests::with_setup;
    use super::super::{Place, Setup, sitemap};
    use super::*;
    use crate::domain::http::request::{Credentials, Draft};

    #[test]
    fn another_host_than_the_files_gets_no_credentials() {
        with_setup(None, |setup| {
            let mut draft = Draft::get(Url::parse("http://unsent.test/").unwrap());
            let (user, password) = ("u".to_owned(), "p".to_owned());
            draft.credentials = Some(Credentials::Basic { user, password });
            draft.cookie = Some("a=b".to_owned());
            for (name, value) in
                [("Authorization", "Bearer x"), ("X-Api-Key", "k"), ("Accept", "*/*")]
            {
                draft.fields.push(FieldEdit::Set(Field::new(name, value)));
            }
            let setup = Setup { draft: &draft, ..setup.clone() };
            let sent = |url: &str, base: Option<&str>| {
                let place = Place { file: "s.xml".into(), line: 1 };
                let mut row = sitemap::row(place, url, &setup).unwrap();
                let base = base.map(|base| Url::parse(base).unwrap());
                keep_credentials_home(&mut row, "a.test", base.as_ref());
                (
                    row.draft.credentials.is_some(),
                    row.draft.cookie.is_some(),
                    row.draft.fields.len(),
                )
            };
            assert_eq!(sent("http://a.test/", None), (true, true, 3));
            assert_eq!(sent("http://b.test/", None), (false, false, 1));
            assert_eq!(sent("http://b.test/", Some("http://b.test/")), (true, true, 3));
        });
    }
}
