//! How a key in a form that is not read becomes one that is, in commands of other programs.

use crate::token::advice::{Foreign, JsonEdit, JsonPlace};

pub(super) fn command(form: Foreign) -> &'static str {
    match form {
        Foreign::Age => "`age --decrypt` decrypts it",
        Foreign::AnsibleVault => "`ansible-vault view` decrypts it",
        // The JDK does not bring Bouncy Castle.
        Foreign::BouncyCastle => {
            "`keytool -importkeystore -srckeystore KEYSTORE -srcstoretype BKS -providerclass org.bouncycastle.jce.provider.BouncyCastleProvider -providerpath bcprov.jar -destkeystore key.p12 -deststoretype PKCS12` makes PKCS#12 of it, and `openssl pkcs12 -in key.p12 -nodes -out key.pem` takes the key out"
        }
        Foreign::CertificateRequest => {
            "`openssl req -in request.pem -noout -pubkey -out public.pem` takes the key out"
        }
        Foreign::Compressed => "unpack it first",
        Foreign::CurveInFull => {
            "`openssl ec -in key.pem -param_enc named_curve -out named.pem` names it (with `-pubin` of a public key)"
        }
        Foreign::Dropbear => {
            "`dropbearconvert dropbear openssh key key.pem` makes an OpenSSH key of it"
        }
        Foreign::EcForAgreement => {
            "a JWK is read, and PEM with the identifier of any EC key (id-ecPublicKey), as `botan keygen --algo=ECDSA` writes it: tokens are encrypted to such a key too"
        }
        Foreign::EncryptedOpenSsh => {
            "`ssh-keygen -p -f copy-of-key` takes the passphrase off a copy"
        }
        Foreign::EncryptedPem { is_old: false } => {
            "`openssl pkey -in key.pem -aes256 -out new.pem` encrypts it again"
        }
        Foreign::EncryptedPem { is_old: true } => {
            "`openssl pkey -provider legacy -provider default -in key.pem -aes256 -out new.pem` encrypts it again"
        }
        Foreign::GitCrypt => "`git-crypt unlock` decrypts it",
        Foreign::GitLfs => "`git lfs pull` gets the file",
        Foreign::JavaKeystore => {
            "`keytool -importkeystore -srckeystore KEYSTORE -destkeystore key.p12 -deststoretype PKCS12` makes PKCS#12 of it, and `openssl pkcs12 -in key.p12 -nodes -out key.pem` takes the key out"
        }
        // PKCS#12 of Java holds secret keys, and OpenSSL does not show them.
        Foreign::Jceks => {
            "`keytool -importkeystore -srckeystore KEYSTORE -srcstoretype JCEKS -destkeystore key.p12 -deststoretype PKCS12` makes PKCS#12 of it, and `openssl pkcs12 -in key.p12 -nodes -out key.pem` takes a private key out; a secret key comes out in Java only: `KeyStore.getKey(alias, password).getEncoded()`"
        }
        Foreign::KubernetesSecret => {
            "`kubectl get secret NAME -o jsonpath='{.data.KEY}' | base64 -d` takes a value out"
        }
        Foreign::OpensslEnc => "`openssl enc -d` decrypts it",
        Foreign::OpensslText => "`openssl pkey -in key.pem -pubout` prints the public key as PEM",
        Foreign::Pkcs12 => {
            "`openssl pkcs12 -in key.p12 -nodes -out key.pem` takes a private key out (of an old file with `-legacy`); a secret key of keytool comes out in Java only: `KeyStore.getKey(alias, password).getEncoded()`"
        }
        Foreign::Pkcs12InPem => {
            "`sed -n '/BEGIN PKCS12/,/END PKCS12/p' key.p12 | grep -v PKCS12 | openssl base64 -d | openssl pkcs12 -nodes -out key.pem` takes the key out (of an old file with `-legacy`)"
        }
        Foreign::Pkcs7 => {
            "`openssl pkcs7 -in certs.p7b -print_certs -out certs.pem` takes certificates out"
        }
        Foreign::Putty => {
            "`puttygen key.ppk -O private-openssh -o key.pem` makes an OpenSSH key of it"
        }
        Foreign::Sops => "`sops decrypt` decrypts it",
        Foreign::Ssh2 { is_private: false } => {
            "`ssh-keygen -i -f key > key.pub` makes an OpenSSH key of it"
        }
        Foreign::Ssh2 { is_private: true } => {
            "`ssh-keygen -i -f key > key.pem` makes an OpenSSH key of it, unless it has a passphrase"
        }
        Foreign::Tink => "`tinkey convert-keyset` shows what is in it",
        Foreign::Tpm => {
            "its public half verifies: `openssl pkey -provider tpm2 -provider default -in key.pem -pubout -out public.pem` takes it out"
        }
        Foreign::Tsig => "the secret follows `secret`, in base64: take it out",
        Foreign::Utf16 => "`iconv -f UTF-16 -t UTF-8 key.txt > utf8.txt` converts it",
        Foreign::Xml => "export it as PEM or as a JWK",
    }
}

/// A command that turns JSON into a JWK or a JWK Set.
pub(super) fn json(place: JsonPlace, edit: &JsonEdit) -> String {
    let jq = |filter: &str| match place {
        JsonPlace::File => format!("`jq {filter} key.json`"),
        JsonPlace::Answer => format!("`curl URL | jq {filter}`"),
    };
    let does = |filter: &str, what: &str| format!("{} {what}", jq(filter));
    match edit {
        JsonEdit::FindDamage => does(".", "shows where"),
        JsonEdit::JoinLines => does("-s '{keys: .}'", "makes a JWK Set of them"),
        JsonEdit::WrapArray => does("'{keys: .}'", "makes a JWK Set of it"),
        JsonEdit::WrapMembers => does("'{keys: [.[]]}'", "makes a JWK Set of them"),
        JsonEdit::ListKeys => does("'{keys: [.keys[]]}'", "makes an array of it"),
        JsonEdit::ListKey => does("'{keys: [.keys]}'", "makes an array of it"),
        JsonEdit::ParseKeys => does("'.keys |= fromjson'", "takes it out of that"),
        JsonEdit::Parse => does("-r .", "takes out what is in it"),
        JsonEdit::LowerNames => does(
            "'with_entries(select(.value != null) | .key |= ascii_downcase)'",
            "writes them as they should be",
        ),
        JsonEdit::TakeMember {
            path,
            is_text,
            is_key,
        } => {
            let raw = if *is_text { "-r " } else { "" };
            let command = jq(&match path.contains(['[', '"']) {
                true => format!("{raw}'{path}'"),
                false => format!("{raw}{path}"),
            });
            match is_key {
                true => format!("{command} takes the key out of it"),
                false => format!("if the key is what `{path}` has, {command} takes it out"),
            }
        }
        JsonEdit::TakeSecret => {
            "some libraries write the secret itself into `k`, which should be the base64url of it (RFC 7518 section 6.4.1): `jq -r .k key.json` takes the secret out".into()
        }
        JsonEdit::RewriteSecret => {
            "it is base64, and a JWK has base64url (RFC 7518 section 6.4.1): `jq -r .k key.json | tr '+/' '-_' | tr -d =` makes that of it".into()
        }
    }
}
